package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.snapshot.layer.LayerDifference;

/**
 * In what two builds of the same plan differ first.
 *
 * @param step the step that made the layer
 * @param layer its place in the image from 1 at the bottom; 0 when it is in a stage that is only copied from
 * @param layers how many the image has
 * @param file the first file that differs
 * @param steps how many steps gave other layers
 * @param hint what most likely helps
 */
public record Difference(Step step, int layer, int layers, LayerDifference file, int steps, String hint) {}
