/**
 * The snapshotter: file systems made of layers, each layer a folder that overlayfs mounts over its parent's.
 * {@code layer} reads the folder of a layer and writes its tar stream, {@code unpack} unpacks tar streams, {@code
 * tar} is the format.
 */
package dev.wherry.daemon.snapshot;
