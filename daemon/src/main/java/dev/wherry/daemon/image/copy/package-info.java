/**
 * Copies images from registry to registry, byte for byte and without a place in the store: indexes with all that they
 * list, blobs as they arrive. Lists what refers to an image in its registries.
 */
package dev.wherry.daemon.image.copy;
