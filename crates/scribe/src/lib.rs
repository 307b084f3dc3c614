//! Does my segmentation model survive bad input? Recipes, stages and the program.
