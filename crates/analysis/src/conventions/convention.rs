//! The conventions by name.

/// A way to make one number of the counts of many images. Every number is a fraction in [0, 1], and higher is better.
///
/// METHODOLOGY.md defines each with its formula and source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Convention {
    /// PASCAL VOC's: the mean of the classes' IoUs over the whole set; a class that occurs nowhere is left out.
    Voc,
    /// The same, where a class that occurs nowhere counts as 0.
    AbsentZero,
    /// The same, where a class that occurs nowhere counts as 1.
    AbsentOne,
    /// VOC's over the classes other than the background.
    Foreground,
    /// The mean of the classes' Dice scores over the whole set.
    Dice,
    /// The same over the classes other than the background.
    DiceForeground,
    /// The mean of the classes' IoUs, weighted by their labelled pixels.
    FrequencyWeighted,
    /// The share of the labelled pixels that are right.
    PixelAccuracy,
    /// The mean over the labelled classes of the share of their pixels that are right.
    ClassAccuracy,
    /// The mean over images of the mean IoU of the classes that the image labels.
    ImageWise,
    /// The same over the classes that the image labels or that were predicted in it.
    ImageWisePredicted,
    /// The mean over images of the mean over all classes; one that is not in the image counts as 0.
    ImageWiseAbsentZero,
    /// The same, where a class that is not in the image counts as 1.
    ImageWiseAbsentOne,
    /// [`Convention::ImageWise`] over the classes other than the background.
    ImageWiseForeground,
    /// [`Convention::ImageWise`] of the lowest 5 % of the images.
    WorstImages,
    /// The mean over classes of the mean IoU over the images that label the class.
    ClassWise,
    /// The same over the lowest 5 % of the images of each class.
    ClassWiseWorst,
}

impl Convention {
    /// All of them, VOC's first.
    pub const ALL: [Convention; 17] = [
        Convention::Voc,
        Convention::AbsentZero,
        Convention::AbsentOne,
        Convention::Foreground,
        Convention::Dice,
        Convention::DiceForeground,
        Convention::FrequencyWeighted,
        Convention::PixelAccuracy,
        Convention::ClassAccuracy,
        Convention::ImageWise,
        Convention::ImageWisePredicted,
        Convention::ImageWiseAbsentZero,
        Convention::ImageWiseAbsentOne,
        Convention::ImageWiseForeground,
        Convention::WorstImages,
        Convention::ClassWise,
        Convention::ClassWiseWorst,
    ];

    /// The name in CSV files and in the thresholds of a gate.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Convention::Voc => "miou",
            Convention::AbsentZero => "miou_absent_0",
            Convention::AbsentOne => "miou_absent_1",
            Convention::Foreground => "miou_foreground",
            Convention::Dice => "dice",
            Convention::DiceForeground => "dice_foreground",
            Convention::FrequencyWeighted => "fwiou",
            Convention::PixelAccuracy => "accuracy",
            Convention::ClassAccuracy => "class_accuracy",
            Convention::ImageWise => "image_miou",
            Convention::ImageWisePredicted => "image_miou_predicted",
            Convention::ImageWiseAbsentZero => "image_miou_absent_0",
            Convention::ImageWiseAbsentOne => "image_miou_absent_1",
            Convention::ImageWiseForeground => "image_miou_foreground",
            Convention::WorstImages => "image_miou_worst_5",
            Convention::ClassWise => "class_miou",
            Convention::ClassWiseWorst => "class_miou_worst_5",
        }
    }

    /// The name in the report.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Convention::Voc => "mIoU (PASCAL VOC)",
            Convention::AbsentZero => "mIoU, absent classes as 0",
            Convention::AbsentOne => "mIoU, absent classes as 1",
            Convention::Foreground => "mIoU without background",
            Convention::Dice => "mean Dice",
            Convention::DiceForeground => "mean Dice without background",
            Convention::FrequencyWeighted => "frequency-weighted IoU",
            Convention::PixelAccuracy => "pixel accuracy",
            Convention::ClassAccuracy => "mean class accuracy",
            Convention::ImageWise => "image-wise mIoU",
            Convention::ImageWisePredicted => "image-wise, predicted classes too",
            Convention::ImageWiseAbsentZero => "image-wise, absent classes as 0",
            Convention::ImageWiseAbsentOne => "image-wise, absent classes as 1",
            Convention::ImageWiseForeground => "image-wise without background",
            Convention::WorstImages => "image-wise, worst 5\u{a0}% of images",
            Convention::ClassWise => "class-wise mIoU",
            Convention::ClassWiseWorst => "class-wise, worst 5\u{a0}% of images",
        }
    }

    /// Whether it leaves out the background, and so has no value where no class is one.
    pub(crate) fn is_of_foreground(self) -> bool {
        use Convention::{DiceForeground, Foreground, ImageWiseForeground};
        matches!(self, Foreground | DiceForeground | ImageWiseForeground)
    }

    /// Whether it has a value for one class alone: IoU, Dice score, accuracy, and the mean IoU over images.
    pub(crate) fn is_by_class(self) -> bool {
        use Convention::{ClassAccuracy, ClassWise, ClassWiseWorst, Dice, Voc};
        matches!(self, Voc | Dice | ClassAccuracy | ClassWise | ClassWiseWorst)
    }
}
