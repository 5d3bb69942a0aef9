/**
 * The folder of a layer, as overlayfs has it: lists its changes, compares it with another, and writes it as a
 * deterministic tar stream.
 */
package dev.wherry.daemon.snapshot.layer;
