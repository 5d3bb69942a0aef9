package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.content.Digest;

/**
 * What is known of a committed snapshot as a layer.
 *
 * @param diffId digest of its uncompressed tar stream (OCI image-spec, "Layer DiffID")
 * @param tarSize bytes of that stream
 * @param size bytes of the regular files in it
 */
public record LayerDiff(Digest diffId, long tarSize, long size) {}
