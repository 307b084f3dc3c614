//! How a run's time is divided among the operators: their own spans, added up by name.

use super::Result;
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tracing::span::{Attributes, Id};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry};

static TOTALS: LazyLock<Mutex<BTreeMap<&'static str, Duration>>> = LazyLock::new(Mutex::default);

/// Adds up how long spans of the operators are entered.
struct Totals;

struct Entered(Instant);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Totals {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.is_span() && metadata.target().starts_with("scribe_model::ops")
    }

    fn on_new_span(&self, _: &Attributes<'_>, _: &Id, _: Context<'_, S>) {}

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            span.extensions_mut().replace(Entered(Instant::now()));
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(Entered(start)) = span.extensions().get() {
            let mut totals = TOTALS.lock().unwrap_or_else(PoisonError::into_inner);
            *totals.entry(span.name()).or_default() += start.elapsed();
        }
    }
}

/// The seconds of one run and of each operator in it: `seconds;name=seconds;...`.
pub(crate) fn time_operators(run: &mut super::Run) -> Result<String> {
    let subscriber = Registry::default().with(Totals);
    let seconds = tracing::subscriber::with_default(subscriber, || -> Result<f64> {
        TOTALS.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let start = Instant::now();
        run()?;
        Ok(start.elapsed().as_secs_f64())
    })?;
    let totals = TOTALS.lock().unwrap_or_else(PoisonError::into_inner);
    let parts = totals.iter().map(|(name, time)| format!(";{name}={}", time.as_secs_f64()));
    Ok(format!("{seconds}{}", parts.collect::<String>()))
}
