/**
 * Copies images from registry to registry, byte for byte and without a place in the store: indexes with all that they
 * list, blobs as they arrive.
 */
package dev.wherry.daemon.image.copy;
