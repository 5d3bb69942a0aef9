/**
 * Sandboxes of pods, as Kubernetes has them: namespaces, addresses and files that several containers share. A sandbox
 * has no process as a rule; its namespaces are pinned by mounts. The containers are those of the package
 * {@code container}, which join what a sandbox has.
 */
package dev.wherry.daemon.pod;
