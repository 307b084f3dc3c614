//! The machine that a table was measured on.

/// The processor as the system names it, and how many it has.
pub(super) fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(": ")).map(|(_, value)| value.to_string())
    };
    let flags = field("flags").unwrap_or_default();
    let widest = ["avx512f", "avx2"].into_iter().find(|flag| flags.split(' ').any(|f| f == *flag));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let name = field("model name").unwrap_or_else(|| std::env::consts::ARCH.to_string());
    format!("{name}, {cores} cores, {}", widest.unwrap_or("no wide vectors"))
}
