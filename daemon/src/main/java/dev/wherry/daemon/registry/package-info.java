/**
 * The OCI distribution protocol, as far as pulling needs it: which endpoints serve a repository, authorization,
 * manifests, blobs. It knows hosts and paths, not references or images. Uses {@code content} and
 * the leases of {@code metadata}.
 */
package dev.wherry.daemon.registry;
