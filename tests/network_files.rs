//! Networks from files: models that a recipe names or a call enters, evaluated without any training.

mod common;
#[path = "network_files/refused.rs"]
mod refused;
#[path = "network_files/rows.rs"]
mod rows;
#[path = "network_files/torchvision.rs"]
mod torchvision;
#[path = "network_files/world.rs"]
mod world;
