//! Evaluation: every model on the same corrupted bytes, resumable, one pass, many sinks.
