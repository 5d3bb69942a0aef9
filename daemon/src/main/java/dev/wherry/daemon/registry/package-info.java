/**
 * The OCI distribution protocol as far as pulls need it: the endpoints that serve a repository, authorization,
 * manifests and blobs. It knows hosts and paths, not references or images.
 */
package dev.wherry.daemon.registry;
