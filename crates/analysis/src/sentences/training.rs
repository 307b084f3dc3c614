//! Sentences on what is known of the training of the models.

use crate::format::list;
use crate::view::{Start, View};
use scribe_records::ModelId;

/// What the run did where it trained, and which models it did not train.
pub(super) fn known(view: &View) -> Vec<String> {
    let (own, others): (Vec<&ModelId>, Vec<&ModelId>) =
        view.models.iter().partition(|model| view.trained.contains(*model));
    let mut out = Vec::new();
    if !own.is_empty() {
        out.extend(start(view, &own, others.is_empty()));
        out.push(repeats(view, &own, others.is_empty()));
    }
    if !others.is_empty() {
        // A store that was made before it was kept does not say it of its own networks either.
        out.push(format!(
            "The store does not say how {} came about: the run did not train {}, or the store is older than this note. From \
             which weights and how often is not known. {}",
            titles(view, &others),
            if others.len() == 1 { "it" } else { "them" },
            covered(view)
        ));
    }
    out
}

/// What intervals without several trainings count.
fn covered(view: &View) -> String {
    let several_draws = view.draw_count() > 1;
    if view.pictures_with_results() < 2 {
        let draws = if several_draws {
            "The intervals cover the draws of the corruptions"
        } else {
            "There are no intervals"
        };
        return format!(
            "{draws}, and neither the choice of pictures, of which there is one, nor the luck of training."
        );
    }
    let also = if several_draws { " and the draws of the corruptions" } else { "" };
    format!("The intervals cover the choice of pictures{also}, not the luck of training.")
}

fn titles(view: &View, models: &[&ModelId]) -> String {
    list(&models.iter().map(|model| view.title(model)).collect::<Vec<_>>())
}

/// Where the weights of the run's own networks started from, as far as that limits what the numbers say.
fn start(view: &View, own: &[&ModelId], all: bool) -> Option<String> {
    let (who, were) = match own {
        _ if all => ("The networks".to_owned(), "were"),
        [one] => (view.title(one), "was"),
        several => (titles(view, several), "were"),
    };
    match view.about.start {
        Start::Scratch => {
            let paper = "; the paper starts from an ImageNet backbone";
            let paper = if view.is_of_voc() { paper } else { "" };
            Some(format!("{who} {were} trained from random weights{paper}."))
        }
        Start::Unknown => {
            Some("The store does not say whether the networks started from pretrained weights.".to_owned())
        }
        Start::Pretrained => None,
    }
}

/// How often each of the run's own networks was trained.
fn repeats(view: &View, own: &[&ModelId], all: bool) -> String {
    let seeds = own.iter().map(|model| view.seeds(model).len()).max().unwrap_or(0);
    let who = match own {
        _ if all => "Each model".to_owned(),
        [one] => view.title(one),
        several => format!("Each of {}", titles(view, several)),
    };
    if seeds <= 1 {
        format!("{who} was trained once. {} Another seed may change the order.", covered(view))
    } else {
        format!(
            "{who} was trained with up to {seeds} seeds; the intervals count {}, but {seeds} seeds say little about their \
             spread.",
            view.resampled()
        )
    }
}
