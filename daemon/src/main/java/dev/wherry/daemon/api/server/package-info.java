/**
 * Runs calls, whatever service they belong to: each on a virtual thread ({@link
 * dev.wherry.daemon.api.server.CallRunner}), with the flow control of its connection, cancelled when its client
 * disconnects, unless its work may outlive the connection ({@link dev.wherry.daemon.api.server.CallLink}). Also the unix socket below HTTP/2, the check of the client's version, and the one mapping of
 * errors to gRPC status ({@link dev.wherry.daemon.api.server.ErrorStatus}).
 */
package dev.wherry.daemon.api.server;
