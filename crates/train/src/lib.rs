//! Training: SGD, schedules, checkpoints that resume, and the loop.
