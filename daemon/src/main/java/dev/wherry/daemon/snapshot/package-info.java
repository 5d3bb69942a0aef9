/**
 * The snapshotter: file systems in layers. Snapshots are overlayfs directories; a layer's tar stream is read into one
 * and made from one here. Uses {@code content} for digests, {@code metadata} and {@code linux}.
 */
package dev.wherry.daemon.snapshot;
