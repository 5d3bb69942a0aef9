package dev.wherry.daemon.pki;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * A certificate of the authority, as its list shows it.
 *
 * @param role empty for a server
 * @param revoked when, if it is
 */
public record Issued(String name, String role, BigInteger serial, Instant end, Optional<Instant> revoked) {

    static Issued of(X509Certificate certificate, Optional<Instant> revoked) {
        X500Name subject =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        String organisation = value(subject, BCStyle.O);
        return new Issued(
                value(subject, BCStyle.CN),
                organisation.startsWith(Subject.ORGANISATION)
                        ? organisation.substring(Subject.ORGANISATION.length())
                        : "",
                certificate.getSerialNumber(),
                certificate.getNotAfter().toInstant(),
                revoked);
    }

    /** As users write it. */
    public String serialText() {
        return serial.toString(16);
    }

    private static String value(X500Name subject, ASN1ObjectIdentifier type) {
        RDN[] found = subject.getRDNs(type);
        return found.length == 0
                ? ""
                : IETFUtils.valueToString(found[0].getFirst().getValue());
    }
}
