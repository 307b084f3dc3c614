//! The program that is asked: it answers well, or in one of many wrong ways.

use crate::example::{answer, question, read_frame, write_frame};
use crate::reference::logits;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use std::io::{Stdin, Stdout, Write, stdin, stdout};
use std::time::Duration;

/// Long enough for any test to give up first.
const FOR_EVER: Duration = Duration::from_secs(300);

/// How long a child outlives the program that started it: longer than its end may take to be seen.
const HELD: Duration = Duration::from_secs(40);

pub(crate) fn behave(behaviour: &str) {
    let (mut input, mut output) = (stdin(), stdout());
    if behaviour == "holds the pipes" {
        return std::thread::sleep(HELD);
    }
    if behaviour == "example" {
        return answer(&mut input, &mut output).unwrap();
    }
    if greet(behaviour, &mut input, &mut output) {
        let mut asked = 0;
        while let Some(buffer) = read_frame(&mut input).unwrap() {
            asked += 1;
            reply(behaviour, asked, &buffer, &mut output);
        }
    }
}

/// Greets; says whether questions are answered afterwards.
fn greet(behaviour: &str, input: &mut Stdin, output: &mut Stdout) -> bool {
    eprintln!("loading {behaviour}");
    match behaviour {
        "dies at once" => {
            eprintln!("ModuleNotFoundError: No module named 'torch'");
            std::process::exit(3);
        }
        "never greets" => std::thread::sleep(FOR_EVER),
        "prints" => output.write_all(b"Loading weights from net.pth\n").unwrap(),
        "greets at length" => output.write_all(&(1_u64 << 60).to_le_bytes()).unwrap(),
        _ => {}
    }
    read_frame(input).unwrap();
    let mut entries = vec![("protocol", "1"), ("classes", "21"), ("batch", "2")];
    match behaviour {
        "speaks version 9" => entries[0].1 = "9",
        "knows 19 classes" => entries[1].1 = "19",
        "takes any batch" => entries[2].1 = "18446744073709551615",
        "names itself" => entries.push(("network", "red 1")),
        "takes any size" | "takes any size, sigmoids" => entries.push(("sizes", "any")),
        "has no weights" => entries.push(("error", "net.pth: no such file")),
        _ => {}
    }
    if behaviour.ends_with("sigmoids") {
        entries.push(("space", "sigmoid"));
    }
    write_frame(output, Vec::new(), &entries).unwrap();
    true
}

/// Answers without a tensor, or not at all; says whether it did so.
fn fails(behaviour: &str, number: &str, output: &mut Stdout) -> bool {
    let mut send = |length: u64, buffer: &[u8]| {
        output.write_all(&length.to_le_bytes()).unwrap();
        output.write_all(buffer).unwrap();
        output.flush().unwrap();
    };
    match behaviour {
        "no safetensors" => send(12, b"hello, world"),
        "too much" => send(1 << 40, b""),
        "no tensor" => write_frame(output, Vec::new(), &[("number", number)]).unwrap(),
        "gives up" => {
            write_frame(output, Vec::new(), &[("number", number), ("error", "out of memory")]).unwrap();
        }
        "dies" => {
            eprintln!("Traceback\nCUDA out of memory");
            std::process::exit(1);
        }
        "leaves a child" => {
            let me = std::env::current_exe().unwrap();
            // Not waited for, and its pipes are those of this program.
            std::process::Command::new(me).args(["answer", "holds the pipes"]).spawn().unwrap();
            std::process::exit(7);
        }
        "never answers" => std::thread::sleep(FOR_EVER),
        _ => return false,
    }
    true
}

/// A tensor of an answer: its name, type, shape and bytes.
type Answer = (&'static str, Dtype, Vec<usize>, Vec<u8>);

fn reply(behaviour: &str, asked: usize, buffer: &[u8], output: &mut Stdout) {
    let (metadata, pixels, shape) = question(buffer).unwrap();
    if fails(behaviour, &metadata["number"], output) {
        return;
    }
    let [n, h, w] = [shape[0], shape[1], shape[2]];
    let number = [("number", metadata["number"].as_str())];
    let reds: Vec<u8> = pixels.chunks(3).map(|rgb| rgb[0]).collect();
    let classes: Vec<u8> = reds.iter().map(|&red| if red > 110 { 15 } else { 0 }).collect();
    let all: Vec<f32> = pixels.chunks(3 * h * w).flat_map(logits).collect();
    let behaviour = if behaviour == "one odd answer" && asked != 2 { "classes" } else { behaviour };
    let (name, dtype, shape, data) =
        of_classes(behaviour, &classes, [n, h, w]).unwrap_or_else(|| of_logits(behaviour, all, [n, h, w]));
    let mut send = |metadata: &[(&str, &str)]| {
        let view = TensorView::new(dtype, shape.clone(), &data).unwrap();
        write_frame(output, vec![(name, view)], metadata).unwrap();
    };
    match behaviour {
        "no number" => send(&[]),
        "twice" => (0..2).for_each(|_| send(&number)),
        _ => send(&number),
    }
}

/// The answer of one that gives classes, all right or wrong in some way; `None` for one that gives logits.
fn of_classes(behaviour: &str, classes: &[u8], [n, h, w]: [usize; 3]) -> Option<Answer> {
    let whole = vec![n, h, w];
    Some(match behaviour {
        "classes" | "no number" | "twice" => ("classes", Dtype::U8, whole, classes.to_vec()),
        "u16" => ("classes", Dtype::U16, whole, u16s(classes)),
        "i64" => ("classes", Dtype::I64, whole, vec![0; 8 * n * h * w]),
        "one row less" => ("classes", Dtype::U8, vec![n, h - 1, w], classes[..n * (h - 1) * w].to_vec()),
        "class 21" => ("classes", Dtype::U8, whole, [&classes[1..], &[21]].concat()),
        "class 999" => {
            ("classes", Dtype::U16, whole, [&u16s(&classes[1..])[..], &999_u16.to_le_bytes()].concat())
        }
        "another name" => ("masks", Dtype::U8, whole, classes.to_vec()),
        "one odd answer" => ("classes", Dtype::U8, whole, [&classes[1..], &[200]].concat()),
        _ => return None,
    })
}

/// The answer of one that gives logits, all right or wrong in some way.
fn of_logits(behaviour: &str, mut all: Vec<f32>, [n, h, w]: [usize; 3]) -> Answer {
    let whole = vec![n, 21, h, w];
    match behaviour {
        "f16" => ("logits", Dtype::F16, whole, f16s(&all)),
        "f64" => {
            ("logits", Dtype::F64, whole, all.iter().flat_map(|v| f64::from(*v).to_le_bytes()).collect())
        }
        "20 planes" => ("logits", Dtype::F32, vec![n, 20, h, w], f32s(&all[..n * 20 * h * w])),
        "larger planes" => ("logits", Dtype::F16, vec![n, 21, h, w + 1], vec![0; 2 * n * 21 * h * (w + 1)]),
        "not a number" => {
            all[h * w] = f32::NAN;
            ("logits", Dtype::F32, whole, f32s(&all))
        }
        "probabilities" => ("logits", Dtype::F32, whole, f32s(&vec![1.0 / 21.0; all.len()])),
        _ => ("logits", Dtype::F32, whole, f32s(&all)),
    }
}

fn u16s(classes: &[u8]) -> Vec<u8> {
    classes.iter().flat_map(|&class| u16::from(class).to_le_bytes()).collect()
}

fn f32s(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn f16s(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| half::f16::from_f32(*value).to_le_bytes()).collect()
}
