//! The processes that a launcher (torchrun, mpirun, srun) started together with this one.

use anyhow::Result;
use scribe::Run;
use scribe_train::group::{Collective, Launch, SingleProcess, Tcp, Terms};
use std::sync::Arc;

/// What the environment says about this process.
pub(crate) fn launch() -> Result<Launch> {
    Ok(Launch::from_variables(&variable)?)
}

fn variable(name: &str) -> Option<String> {
    // Bytes that are no text are refused as a number or an address is, and do not count as a variable that is not there.
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// This process and the others.
pub(crate) struct Processes {
    launch: Launch,
    group: Arc<dyn Collective>,
}

impl Processes {
    /// Waits for the others, if there are any. Without a secret of the launcher's, the names of recipe and run are the word
    /// by which they know each other: other differences are found, and named, after they have met.
    ///
    /// # Errors
    /// When the launcher's variables contradict each other, or the processes do not find each other.
    pub(crate) fn meet(run: &Run) -> Result<Processes> {
        let launch = launch()?;
        // Without the folder that holds it: it may differ between machines.
        let name = run.dir.root().file_name().unwrap_or_default().to_string_lossy();
        let terms = Terms::from_variables(&variable, &format!("recipe {}, run {name}", run.recipe.name))?;
        let group =
            if launch.size == 1 { Arc::new(SingleProcess) } else { over(Tcp::meet(&launch, &terms)?) };
        if launch.size > 1 {
            tracing::info!("{} processes train together", launch.size);
        }
        Ok(Processes { launch, group })
    }

    /// Whether this process has rank 0: only that one writes files.
    pub(crate) fn is_rank_0(&self) -> bool {
        self.launch.rank == 0
    }

    /// The device of this process: `cuda` stands for the GPU with the number that the process has on its machine.
    pub(crate) fn device(&self, name: &str) -> String {
        if name == "cuda" { format!("cuda:{}", self.launch.local_rank) } else { name.to_string() }
    }

    /// Runs work that all processes do together. A failure here is sent to the others, which would otherwise wait for ever.
    ///
    /// # Errors
    /// The work fails.
    pub(crate) fn work_together<T>(&self, work: impl FnOnce(&Arc<dyn Collective>) -> Result<T>) -> Result<T> {
        let outcome = work(&self.group);
        if let Err(error) = &outcome {
            self.group.leave(&format!("{error:#}"));
        }
        outcome
    }

    /// Runs work that writes files: rank 0 first, and then the others, which find the files.
    ///
    /// # Errors
    /// The work fails, or a process is gone.
    pub(crate) fn rank_0_first<T>(&self, work: impl Fn() -> Result<T>) -> Result<T> {
        let first = if self.is_rank_0() { Some(work()?) } else { None };
        self.group.barrier()?;
        first.map_or_else(work, Ok)
    }
}

/// The group of processes; it adds GPU tensors by NCCL where this build can.
fn over(control: Tcp) -> Arc<dyn Collective> {
    #[cfg(feature = "nccl")]
    return Arc::new(scribe_train::group::Nccl::over(control));
    #[cfg(not(feature = "nccl"))]
    Arc::new(control)
}
