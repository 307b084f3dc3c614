//! The processes that a launcher (torchrun, mpirun, srun) started with this one.

use anyhow::Result;
use scribe_train::group::{Alone, Collective, Launch, Tcp};
use std::sync::Arc;
use std::time::Duration;

/// The longest that processes wait for each other at the start: a cluster does not start all at once.
const PATIENCE: Duration = Duration::from_secs(600);

/// What the environment says about this process.
pub fn launch() -> Result<Launch> {
    Ok(Launch::from_variables(&|name| std::env::var(name).ok())?)
}

/// This process and the others.
pub struct Processes {
    launch: Launch,
    group: Arc<dyn Collective>,
}

impl Processes {
    /// Waits for the others, if there are any.
    ///
    /// # Errors
    /// When the launcher's variables contradict each other, or the processes do not find each other.
    pub fn meet() -> Result<Processes> {
        let launch = launch()?;
        let group = if launch.size == 1 { Arc::new(Alone) } else { over(Tcp::meet(&launch, PATIENCE)?) };
        if launch.size > 1 {
            tracing::info!("{} processes train together", launch.size);
        }
        Ok(Processes { launch, group })
    }

    /// Whether this process writes files.
    pub fn is_rank_0(&self) -> bool {
        self.launch.rank == 0
    }

    /// `cuda` stands for the GPU of this process's number on its machine.
    pub fn device(&self, name: &str) -> String {
        if name == "cuda" { format!("cuda:{}", self.launch.local_rank) } else { name.to_string() }
    }

    /// Runs work that all processes share; a failure here is told to the others, which would wait for ever.
    ///
    /// # Errors
    /// The work's.
    pub fn together<T>(&self, work: impl FnOnce(&Arc<dyn Collective>) -> Result<T>) -> Result<T> {
        let outcome = work(&self.group);
        if let Err(error) = &outcome {
            self.group.leave(&format!("{error:#}"));
        }
        outcome
    }

    /// Runs what makes files: rank 0 first, the others when it is done, so that they find them.
    ///
    /// # Errors
    /// The work's, or that of a process that is gone.
    pub fn one_after_the_other<T>(&self, work: impl Fn() -> Result<T>) -> Result<T> {
        let first = if self.is_rank_0() { Some(work()?) } else { None };
        self.group.barrier()?;
        first.map_or_else(work, Ok)
    }
}

/// The group that adds GPU tensors by NCCL, where this build can.
fn over(control: Tcp) -> Arc<dyn Collective> {
    #[cfg(feature = "nccl")]
    return Arc::new(scribe_train::group::Nccl::over(control));
    #[cfg(not(feature = "nccl"))]
    Arc::new(control)
}
