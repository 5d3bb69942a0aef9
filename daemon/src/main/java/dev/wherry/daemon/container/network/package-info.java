/**
 * The networks of containers: namespaces that are connected before a container starts and taken away after it has ended,
 * endpoints, published ports, links, and what the name files say of all this.
 */
package dev.wherry.daemon.container.network;
