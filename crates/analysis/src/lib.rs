//! Tables, figures and statistics from the records alone; links no network.
