//! A network of scribe as a predictor.

use crate::{Picture, Prediction, Predictor, PredictorError, Wants};
use scribe_model::{Inference, Model, PreparedModel, ScoreSpace, input};
use scribe_records::MOST_BY_CLASS;

/// Its weights are prepared anew for each call; a [`PreparedModel`] keeps them from one to the next.
impl Predictor for Model {
    fn class_count(&self) -> usize {
        self.classes()
    }

    fn own_space(&self) -> ScoreSpace {
        self.objective().default_space()
    }

    fn predict(
        &self,
        pictures: &[Picture<'_>],
        how: &Inference,
        wants: &dyn Fn(usize) -> Wants,
    ) -> Result<Vec<Prediction>, PredictorError> {
        Predictor::predict(&self.prepare(), pictures, how, wants)
    }
}

impl Predictor for PreparedModel<'_> {
    fn class_count(&self) -> usize {
        self.model().classes()
    }

    fn own_space(&self) -> ScoreSpace {
        self.model().objective().default_space()
    }

    fn predict(
        &self,
        pictures: &[Picture<'_>],
        how: &Inference,
        wants: &dyn Fn(usize) -> Wants,
    ) -> Result<Vec<Prediction>, PredictorError> {
        let Some(first) = pictures.first() else { return Ok(Vec::new()) };
        let (width, height) = first.image.dimensions();
        let (width, height) = (width as usize, height as usize);
        let images: Vec<&[u8]> = pictures.iter().map(|p| p.image.as_raw().as_slice()).collect();
        let x = input::from_rgb(&images, height, width, self.model().parameters().device())?;
        // By class, which takes too much memory where there are many; they are then made from the scores.
        let by_class = self.model().classes() <= MOST_BY_CLASS;
        let wants: Vec<Wants> = (0..pictures.len()).map(wants).collect();
        let moments = by_class && wants.iter().any(|wants| wants.moments);
        let batch = self.queue(&x, how, moments)?.wait()?;
        let area = width * height;
        let one = |(n, wants): (usize, &Wants)| {
            let moments = batch.moments.as_ref().filter(|_| wants.moments);
            let moments = moments.map(|all| {
                let count = all.len() / pictures.len();
                all[n * count..][..count].to_vec()
            });
            let planes_needed = wants.scores || wants.moments && moments.is_none();
            let scores = planes_needed.then(|| batch.planes(n)).transpose()?;
            let class_map = batch.classes[n * area..][..area].to_vec();
            Ok(Prediction { class_map, scores, moments, space: batch.space })
        };
        wants.iter().enumerate().map(one).collect()
    }
}
