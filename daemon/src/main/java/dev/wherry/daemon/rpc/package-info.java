/**
 * The API on the wire: one class a service, which translates messages and delegates, the one place that turns errors
 * into gRPC status ({@link dev.wherry.daemon.rpc.Errors}), and the bridge from blocking code to asynchronous calls
 * ({@link dev.wherry.daemon.rpc.Calls}). Uses every package below; nothing uses it. Proto messages and Mutiny types stay
 * in here.
 */
package dev.wherry.daemon.rpc;
