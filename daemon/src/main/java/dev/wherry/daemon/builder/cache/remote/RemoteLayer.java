package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;

/** A layer that a cache says it has: the blob to fetch, and what must come out of it. */
public record RemoteLayer(Descriptor blob, Digest diffId) {}
