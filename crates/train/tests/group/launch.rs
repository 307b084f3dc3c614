//! Each launcher's variables, right and wrong.

use super::text;
use scribe_train::group::{DEFAULT_PORT, GroupError, Launch};

fn read(variables: &[(&str, &str)]) -> Result<Launch, GroupError> {
    let get =
        |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string());
    Launch::from_variables(&get)
}

fn launch(rank: usize, size: usize, local_rank: usize, address: &str, port: u16) -> Launch {
    Launch { rank, size, local_rank, address: address.into(), port }
}

#[test]
fn without_a_launcher() {
    assert_eq!(read(&[]).unwrap(), Launch::alone());
    assert_eq!(read(&[("MASTER_ADDR", "node1"), ("WORLD_SIZE", " ")]).unwrap(), Launch::alone());
}

#[test]
fn torchrun() {
    let mut set = vec![
        ("RANK", "5"),
        ("WORLD_SIZE", "8"),
        ("LOCAL_RANK", "1"),
        ("MASTER_ADDR", "node1"),
        ("MASTER_PORT", "4000"),
    ];
    assert_eq!(read(&set).unwrap(), launch(5, 8, 1, "node1", 4000));
    // torchrun's own store holds the port then.
    set.push(("TORCHELASTIC_USE_AGENT_STORE", "True"));
    assert_eq!(read(&set).unwrap().port, 4001);
    set.push(("SCRIBE_PORT", "5000"));
    assert_eq!(read(&set).unwrap().port, 5000);
}

#[test]
fn open_mpi() {
    let mut set = vec![
        ("OMPI_COMM_WORLD_RANK", "1"),
        ("OMPI_COMM_WORLD_SIZE", "4"),
        ("OMPI_COMM_WORLD_LOCAL_RANK", "1"),
        ("OMPI_COMM_WORLD_LOCAL_SIZE", "4"),
        // What mpirun inside a SLURM job inherits: the number of its node, not of the process.
        ("SLURM_PROCID", "0"),
        ("SLURM_NTASKS", "2"),
    ];
    assert_eq!(read(&set).unwrap(), launch(1, 4, 1, "localhost", DEFAULT_PORT));
    set[3].1 = "2";
    assert!(text(read(&set)).contains("MASTER_ADDR"));
    set.push(("MASTER_ADDR", "10.0.0.1"));
    assert_eq!(read(&set).unwrap(), launch(1, 4, 1, "10.0.0.1", DEFAULT_PORT));
}

#[test]
fn slurm() {
    let mut set =
        vec![("SLURM_PROCID", "3"), ("SLURM_NTASKS", "4"), ("SLURM_LOCALID", "1"), ("SLURM_NNODES", "2")];
    let said = text(read(&set));
    assert!(said.contains("SLURM_NTASKS is set and MASTER_ADDR is not"), "{said}");
    set.extend([("MASTER_ADDR", "node7"), ("MASTER_PORT", "1234")]);
    assert_eq!(read(&set).unwrap(), launch(3, 4, 1, "node7", 1234));
    // The way out where the job has several tasks and this program is not one of them.
    set.extend([("RANK", "0"), ("WORLD_SIZE", "1")]);
    assert_eq!(read(&set).unwrap(), Launch::alone());
}

#[test]
fn values_that_cannot_be() {
    let cases: [(&[(&str, &str)], &str); 7] = [
        (&[("RANK", "0")], "RANK is set and WORLD_SIZE is not"),
        (&[("WORLD_SIZE", "2")], "WORLD_SIZE is set and RANK is not"),
        (&[("RANK", "2"), ("WORLD_SIZE", "2")], "RANK = '2': expected a rank below WORLD_SIZE = 2"),
        (&[("RANK", "0"), ("WORLD_SIZE", "0")], "WORLD_SIZE = '0'"),
        (&[("RANK", "-1"), ("WORLD_SIZE", "2")], "RANK = '-1': expected a whole number"),
        (&[("RANK", "0"), ("WORLD_SIZE", "2"), ("LOCAL_RANK", "1")], "LOCAL_RANK = '1'"),
        (
            &[("RANK", "0"), ("WORLD_SIZE", "2"), ("MASTER_ADDR", "a"), ("MASTER_PORT", "70000")],
            "MASTER_PORT = '70000': expected a port",
        ),
    ];
    for (set, expected) in cases {
        let said = text(read(set));
        assert!(said.contains(expected), "{said}");
    }
}
