//! Reads from a launcher's environment variables which process this is, and where the processes meet.

use super::error::{GroupError, Result};

/// The port of the rendezvous that PyTorch takes by default.
pub const DEFAULT_PORT: u16 = 29500;

/// One process among those that a launcher started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// The number of this process, from 0 to `size - 1`.
    pub rank: usize,
    /// The number of processes; 1 without a launcher.
    pub size: usize,
    /// The number of this process among those of its machine, which is the index of its GPU.
    pub local_rank: usize,
    /// The host of rank 0.
    pub address: String,
    /// The port where rank 0 waits for the others.
    pub port: u16,
}

/// Gives the value of a variable.
type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The names of one launcher's variables.
struct Names {
    rank: &'static str,
    size: &'static str,
    local_rank: &'static str,
    /// Whether the variables show that all processes are on one machine.
    one_machine: fn(Variables<'_>) -> bool,
}

/// The launchers, in the order in which they are tried: torchrun and mpirun may themselves run inside a SLURM job.
const LAUNCHERS: [Names; 3] = [
    Names { rank: "RANK", size: "WORLD_SIZE", local_rank: "LOCAL_RANK", one_machine: |_| false },
    Names {
        rank: "OMPI_COMM_WORLD_RANK",
        size: "OMPI_COMM_WORLD_SIZE",
        local_rank: "OMPI_COMM_WORLD_LOCAL_RANK",
        one_machine: |get| get("OMPI_COMM_WORLD_LOCAL_SIZE") == get("OMPI_COMM_WORLD_SIZE"),
    },
    Names {
        rank: "SLURM_PROCID",
        size: "SLURM_NTASKS",
        local_rank: "SLURM_LOCALID",
        one_machine: |get| get("SLURM_NNODES").as_deref() == Some("1"),
    },
];

impl Launch {
    /// A process without a launcher.
    #[must_use]
    pub fn alone() -> Launch {
        Launch { rank: 0, size: 1, local_rank: 0, address: "localhost".into(), port: DEFAULT_PORT }
    }

    /// Reads the variables of torchrun, Open MPI or SLURM, the first of them that are set, through `get`.
    ///
    /// `MASTER_ADDR` and `MASTER_PORT` name the rendezvous. Without an address it is this machine, if all processes are on
    /// one (Open MPI and SLURM tell so); without a port it is [`DEFAULT_PORT`]. torchrun keeps a store of its own on
    /// `MASTER_PORT` (and then sets `TORCHELASTIC_USE_AGENT_STORE=True`), so the port after it is used there. `SCRIBE_PORT`
    /// chooses another port in any case.
    ///
    /// # Errors
    /// [`GroupError::Variable`] and [`GroupError::Missing`] for values that cannot be right or that contradict each other.
    pub fn from_variables(get: &dyn Fn(&str) -> Option<String>) -> Result<Launch> {
        // An empty variable is one that a script left unset.
        let get =
            &|name: &str| get(name).map(|value| value.trim().to_string()).filter(|value| !value.is_empty());
        let is_set = |names: &&Names| get(names.rank).is_some() || get(names.size).is_some();
        match LAUNCHERS.iter().find(is_set) {
            Some(names) => from_launcher(names, get),
            None => Ok(Launch::alone()),
        }
    }
}

fn from_launcher(names: &Names, get: Variables<'_>) -> Result<Launch> {
    let hint = "a launcher sets both; unset the one to train with a single process";
    let missing = |found, missing| Err(GroupError::Missing { found, missing, hint });
    let (rank, size) = match (number(names.rank, get)?, number(names.size, get)?) {
        (Some(rank), Some(size)) => (rank, size),
        (Some(_), None) => return missing(names.rank, names.size),
        (None, _) => return missing(names.size, names.rank),
    };
    let wrong =
        |name, value: usize, expected| Err(GroupError::Variable { name, value: value.to_string(), expected });
    if size == 0 {
        return wrong(names.size, size, "at least one process".into());
    }
    if rank >= size {
        return wrong(names.rank, rank, format!("a rank below {} = {size}", names.size));
    }
    let local_rank = number(names.local_rank, get)?.unwrap_or(0);
    if local_rank > rank {
        return wrong(names.local_rank, local_rank, format!("at most {} = {rank}", names.rank));
    }
    if size == 1 {
        return Ok(Launch { local_rank, ..Launch::alone() });
    }
    let address = match get("MASTER_ADDR") {
        Some(address) => address,
        None if (names.one_machine)(get) => "localhost".into(),
        None => {
            let hint =
                "set it to the host of rank 0, or set WORLD_SIZE=1 and RANK=0 to train with a single process";
            return Err(GroupError::Missing { found: names.size, missing: "MASTER_ADDR", hint });
        }
    };
    Ok(Launch { rank, size, local_rank, address, port: rendezvous_port(get)? })
}

fn rendezvous_port(get: Variables<'_>) -> Result<u16> {
    let port = |name| match number(name, get)? {
        None => Ok(None),
        Some(port) if (1..=65535).contains(&port) => Ok(Some(port as u16)),
        Some(port) => Err(GroupError::Variable {
            name,
            value: port.to_string(),
            expected: "a port from 1 to 65535".into(),
        }),
    };
    if let Some(own) = port("SCRIBE_PORT")? {
        return Ok(own);
    }
    let master = port("MASTER_PORT")?.unwrap_or(DEFAULT_PORT);
    let taken = get("TORCHELASTIC_USE_AGENT_STORE").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    Ok(if taken { master.checked_add(1).unwrap_or(master - 1) } else { master })
}

fn number(name: &'static str, get: Variables<'_>) -> Result<Option<usize>> {
    let Some(value) = get(name) else { return Ok(None) };
    let expected = "a whole number".to_string();
    value.parse().map(Some).map_err(|_| GroupError::Variable { name, value, expected })
}
