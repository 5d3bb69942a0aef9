/**
 * Where the files of a build come from, what they contain, and how a client's directory becomes one that the daemon
 * can read. Uses {@code content}, {@code metadata} and {@code linux}.
 */
package dev.wherry.daemon.builder.context;
