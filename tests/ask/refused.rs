//! Programs and networks that are refused, each with a sentence that says what to do.

use crate::common::{complaint, run, succeed};
use crate::rows::rows;
use crate::world::{SETTINGS, World, asking, words};

#[test]
fn results_of_two_networks_do_not_mix() {
    let Some(world) = World::new() else { return };
    let folder = world.path();
    let asked = |settings: &str| succeed(folder, &words(&asking("one", settings, &[])));
    let refused = |settings: &str| complaint(folder, &words(&asking("one", settings, &[])));
    asked("");
    let before = rows(folder, "one");
    let message = refused("red=120");
    for part in [
        "model `red` are of another network (answers:",
        "another --as id",
        "--name",
        "`network` in the greeting",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert!(rows(folder, "one") == before);
    asked("count=again.txt");
    // Nothing was left to ask but what stands for the network.
    assert_eq!(world.lines("again.txt"), 3);

    let named = |name: &str| format!("red=120 'greeting={{\"network\": \"{name}\"}}'");
    let other = |settings: &str| words(&asking("two", settings, &[])).join("\n");
    let ask = |settings: &str| run(folder, &other(settings).split('\n').collect::<Vec<_>>());
    assert!(ask(&named("v1")).status.success());
    assert!(ask(&named("v1")).status.success());
    let said = String::from_utf8_lossy(&ask(&named("v2")).stderr).into_owned();
    assert!(said.contains("another network (network:v1) than this program's (network:v2)"), "{said}");
    let misspelt =
        words(&asking("three", "'greeting={\"nework\": \"v1\", \"batch\": \"18446744073709551615\"}'", &[]))
            .join("\n");
    let asked = run(folder, &misspelt.split('\n').collect::<Vec<_>>());
    let said = String::from_utf8_lossy(&asked.stderr).into_owned();
    assert!(asked.status.success() && said.contains("has entries that mean nothing: nework"), "{said}");
    assert!(rows(folder, "three") == before);
}

#[test]
fn what_cannot_be_asked_is_said() {
    let Some(world) = World::new() else { return };
    let folder = world.path();
    let eval = |ask: &str, more: &[&str]| {
        let ask = ["--ask", ask, "--as", "red", "--name", "refused"];
        complaint(folder, &[&["eval"], &SETTINGS[..], &ask, more].concat())
    };
    for (command, more, parts) in [
        ("no-such-program", &[][..], ["--ask: no-such-program: there is no such program", "its last lines:"]),
        ("exit 3", &[], ["ended with exit code 3 while it was asked for its greeting", "wrote nothing"]),
        ("echo hello, world", &[], ["has the text \"hello, w\"", "print to standard error"]),
        ("sleep 100", &["--ask-timeout", "1"], ["no answer within 1 s to its greeting", "--ask-timeout"]),
        ("python3 net.py classes=19", &[], ["predicts 19 classes (expected 21", "--classes and --map"]),
        ("python3 net.py", &["--mode", "double"], ["mode double", "expected one of single, msc"]),
        (
            "python3 net.py",
            &["--mode", "msc-rebuild"],
            ["--mode msc-rebuild: ", "only scribe's own networks leave"],
        ),
        ("python3 net.py", &["--label", "SCrIBE"], ["the recipe's model `scribe` is called so", "--label"]),
        ("python3 net.py", &["--map", "nobody -> person"], ["--map, --classes", "nobody"]),
        ("python3 net.py", &["--dry-run"], ["does not look into --predictions or --ask", ""]),
    ] {
        let message = eval(command, more);
        assert!(parts.iter().all(|part| message.contains(part)), "{command}: {message}");
    }
    assert!(!folder.join("runs/refused/store.sqlite").exists(), "nothing was entered");
    for wrong in [
        &["--ask", "x"][..],
        &["--ask", "x", "--as", "red", "--predictions", "P"],
        &["--ask", "x", "--as", "red", "--weights", "softmax=net.pth"],
        &["--ask", "x", "--as", "red", "--ask-jobs", "0"],
        &["--ask", "x", "--as", "red", "--ask-jobs", "65"],
        &["--as", "red"],
        &["--ask-jobs", "2"],
    ] {
        let output = run(folder, &[&["eval"], &SETTINGS[..], wrong].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
}
