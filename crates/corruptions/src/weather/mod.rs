//! Weather: something lies between the camera and the scene.

mod fog;
mod frost;
mod snow;
mod textures;

pub use fog::Fog;
pub use frost::Frost;
pub use snow::Snow;
pub use textures::FrostTextures;
