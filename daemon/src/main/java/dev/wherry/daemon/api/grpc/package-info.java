/**
 * The services of {@code wherry.v1}: one endpoint a service, which translates messages to the daemon's own types,
 * delegates, and translates the result back. Validation, defaults and policy belong to the packages that
 * endpoints call.
 */
package dev.wherry.daemon.api.grpc;
