/**
 * Networks and their endpoints: what they are, their rows, and which addresses they use. A {@link
 * dev.wherry.daemon.network.Network} is a range of addresses with a driver that connects network namespaces to it. An
 * {@link dev.wherry.daemon.network.Endpoint} is the place of one namespace on one network. This package knows
 * namespaces and their {@link dev.wherry.daemon.network.NamespaceOwner owners}, not containers.
 *
 * <p>The packages below do the work on the host: {@code lifecycle} makes namespaces and connects them, by {@code
 * netavark}, which makes links, by {@code firewall}, which holds the rules of nftables, and by {@code dns}, which runs
 * aardvark-dns. {@code port} chooses and checks ports of the host.
 */
package dev.wherry.daemon.network;
