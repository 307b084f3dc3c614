//! PASCAL VOC 2012 and SBD: pictures, labels, views, augmentation and a prefetching loader.
