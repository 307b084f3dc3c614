//! Weather: something lies between the camera and the scene.

mod fog;
mod frost;
mod textures;

pub use fog::Fog;
pub use frost::Frost;
pub use textures::FrostTextures;
