/**
 * What the work of the daemon is known by outside: {@link dev.wherry.daemon.trace.LogIds} in its log. And what the daemon
 * tells OpenTelemetry of its work: the tracer that code at any depth asks for, and where its spans go. It
 * keeps none of them unless somebody wants them.
 */
package dev.wherry.daemon.trace;
