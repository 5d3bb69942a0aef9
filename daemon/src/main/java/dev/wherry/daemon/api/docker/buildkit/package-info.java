/**
 * What clients of BuildKit speak over Docker's socket, answered by Wherry's own builder and cache: {@code POST /grpc} leads to
 * the services {@code moby.buildkit.v1.Control} and {@code LLBBridge}, {@code POST /session} to the services that the client
 * offers to its build. A build is a {@link dev.wherry.daemon.api.docker.buildkit.Solve}: the client opens it by {@code
 * Control.Solve}, says what to build by {@code LLBBridge.Solve}, and ends it by {@code Return}. Definitions of BuildKit's own
 * graph are refused, but for those that this package gave out to stand for an image.
 */
package dev.wherry.daemon.api.docker.buildkit;
