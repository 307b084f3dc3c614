//! The commands, one file for each, and what they share.

pub(crate) mod assignments;
pub(crate) mod audit;
pub(crate) mod check_paper;
pub(crate) mod common;
pub(crate) mod corrupt;
pub(crate) mod corrupt_set;
pub(crate) mod data;
pub(crate) mod eval;
pub(crate) mod export;
pub(crate) mod findings;
pub(crate) mod fresh;
pub(crate) mod gate;
pub(crate) mod gate_arguments;
pub(crate) mod gate_file;
pub(crate) mod inspect;
pub(crate) mod log;
pub(crate) mod merge;
pub(crate) mod output;
pub(crate) mod power;
pub(crate) mod processes;
pub(crate) mod report;
pub(crate) mod reproduce;
pub(crate) mod scored_run;
pub(crate) mod set_arguments;
pub(crate) mod stop;
pub(crate) mod train;
