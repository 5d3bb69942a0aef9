/**
 * Pushes images of the store to registries: compresses layers that were made here, and sends what the registry lacks.
 */
package dev.wherry.daemon.image.push;
