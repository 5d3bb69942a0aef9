/**
 * Who calls, in which role, and whether they may: the one place that decides about calls, for every protocol. {@link
 * dev.wherry.daemon.api.auth.Roles} finds the role of a peer, {@link dev.wherry.daemon.api.auth.MethodRules} the role
 * that a method needs, and {@link dev.wherry.daemon.api.auth.AccessGate} lets a call pass or not. What depends on the
 * content of a request is checked below, by {@link dev.wherry.daemon.access.Caller}.
 */
package dev.wherry.daemon.api.auth;
