package dev.wherry.daemon.image.push;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.Reference;

/**
 * What a push stored under one tag.
 *
 * @param digest of the manifest
 * @param size bytes of the manifest
 */
public record PushResult(Reference reference, Digest digest, long size) {}
