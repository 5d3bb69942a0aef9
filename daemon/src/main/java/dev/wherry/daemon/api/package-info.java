/**
 * What clients speak to. {@code server} runs the calls of every protocol, {@code auth} decides who may make them, {@code
 * json} writes docker's JSON for all of them, {@code metrics} says what is counted; each protocol has a package of its own
 * that translates messages and delegates. Protocols never import each other, and nothing outside of this package knows a
 * type of the wire.
 */
package dev.wherry.daemon.api;
