package dev.wherry.daemon.registry;

import dev.wherry.daemon.content.Digest;

/**
 * A manifest or index as a registry sent it, its digest verified.
 *
 * @param mediaType as the answer's header says; empty where it does not
 */
public record RemoteManifest(String mediaType, Digest digest, byte[] bytes) {}
