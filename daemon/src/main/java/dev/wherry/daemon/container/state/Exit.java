package dev.wherry.daemon.container.state;

/**
 * How a container ended.
 *
 * @param code of its first process; 128 and the signal's number when a signal ended it
 * @param error why it could not run; empty when it could
 */
public record Exit(int code, String error) {}
