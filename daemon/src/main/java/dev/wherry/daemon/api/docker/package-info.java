/**
 * Docker's HTTP API, version 1.51, for programs made for Docker. {@code http} carries it, {@code container} and {@code
 * image} translate what these are about; networks, volumes, events and the daemon itself are here. Rules and defaults are
 * those of the packages below {@code api}.
 */
package dev.wherry.daemon.api.docker;
