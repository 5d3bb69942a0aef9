package dev.wherry.daemon.api.server;

import dev.wherry.daemon.linux.PeerCredentials;
import io.netty.channel.Channel;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * Who is at the other end of a connection, as far as the transport has proved it. A connection has one peer from its
 * first call to its last; what the peer may do is decided elsewhere.
 */
public sealed interface Peer {

    /**
     * A client that has proved by TLS that it owns a certificate of a trusted authority.
     *
     * @param subject as RFC 2253 writes it
     * @param commonName empty when the subject has none
     * @param organisations the values of O, in the order of the subject as written
     * @param units the values of OU, in the same order
     * @param serial of the certificate
     */
    record Certificate(
            String subject,
            String commonName,
            List<String> organisations,
            List<String> units,
            BigInteger serial,
            InetAddress from)
            implements Peer {

        public Certificate {
            organisations = List.copyOf(organisations);
            units = List.copyOf(units);
        }

        static Certificate of(X509Certificate certificate, InetAddress from) {
            X500Principal subject = certificate.getSubjectX500Principal();
            return new Certificate(
                    subject.getName(X500Principal.RFC2253),
                    values(subject, "CN").stream().findFirst().orElse(""),
                    values(subject, "O"),
                    values(subject, "OU"),
                    certificate.getSerialNumber(),
                    from);
        }

        /** A part of a name may have several attributes, as in {@code CN=a+O=b}. */
        private static List<String> values(X500Principal subject, String type) {
            List<String> values = new ArrayList<>();
            try {
                for (Rdn part : new LdapName(subject.getName(X500Principal.RFC2253))
                        .getRdns()
                        .reversed()) {
                    Attribute attribute = part.toAttributes().get(type);
                    for (int i = 0; attribute != null && i < attribute.size(); i++) {
                        if (attribute.get(i) instanceof String text) {
                            values.add(text);
                        }
                    }
                }
            } catch (NamingException malformed) {
                throw new IllegalArgumentException("the subject of a certificate: " + subject, malformed);
            }
            return values;
        }
    }

    /**
     * A process on this host that connected to the unix socket, as the kernel saw it then.
     *
     * @param groups supplementary groups; not known of root
     */
    record LocalUser(int uid, int gid, int pid, List<Integer> groups) implements Peer {

        public LocalUser {
            groups = List.copyOf(groups);
        }

        static LocalUser of(PeerCredentials credentials) {
            return new LocalUser(credentials.uid(), credentials.gid(), credentials.pid(), credentials.groups());
        }

        /** Whether a group is one of theirs. */
        public boolean isIn(int group) {
            return gid == group || groups.contains(group);
        }
    }

    /** Anybody on this host: the connection came over loopback, without TLS. */
    record Loopback(InetSocketAddress from) implements Peer {}

    /**
     * The peer of the call that is being made, for interceptors and service methods on the thread that the server calls
     * them on; empty when the transport knows nothing of its peer.
     */
    static Optional<Peer> ofCall() {
        return ClientConnections.peer();
    }

    /** Why all calls of a connection are refused; empty when they are not. */
    static Optional<String> refusalOf(Channel connection) {
        return Optional.ofNullable(connection.attr(ClientConnections.REFUSAL).get());
    }

    /** From now on all calls of a connection are refused with this reason. */
    static void refuse(Channel connection, String reason) {
        connection.attr(ClientConnections.REFUSAL).set(reason);
    }

    /** The peer of a connection; empty when the transport knows nothing of it. */
    static Optional<Peer> of(Channel connection) {
        return Optional.ofNullable(connection.attr(ClientConnections.PEER).get());
    }
}
