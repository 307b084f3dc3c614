//! The commands, one file each, and what they share.

pub mod assignments;
pub mod check_paper;
pub mod common;
pub mod contents;
pub mod corrupt;
pub mod corrupt_set;
pub mod data;
pub mod eval;
pub mod export;
pub mod fresh;
pub mod inspect;
pub mod log;
pub mod merge;
pub mod output;
pub mod processes;
pub mod report;
pub mod reproduce;
pub mod stop;
pub mod train;
