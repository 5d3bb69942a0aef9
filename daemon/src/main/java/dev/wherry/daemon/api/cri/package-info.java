/**
 * Kubernetes' container runtime interface, runtime.v1: translates, and calls the packages {@code pod},
 * {@code container} and {@code image}. A kubelet reaches it by a socket of its own.
 */
package dev.wherry.daemon.api.cri;
