/**
 * Networks and endpoints on the host, from their creation to their end: makes network namespaces, connects them,
 * publishes their ports, and takes everything away again, also after a crash.
 */
package dev.wherry.daemon.network.lifecycle;
