package dev.wherry.daemon.pki;

import dev.wherry.daemon.error.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

/**
 * What a certificate says, before it is signed (RFC 5280).
 *
 * @param purpose none for an authority
 * @param names hosts and addresses by which clients reach a server
 */
record CertificateForm(
        X500Name subject,
        PublicKey key,
        Instant begin,
        Instant end,
        Optional<KeyPurposeId> purpose,
        List<String> names) {

    private static final int SERIAL_BITS = 127;
    private static final Pattern HOST =
            Pattern.compile("(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}))*\\.?");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    /** Signed by an authority, which for its own certificate is itself. */
    X509Certificate signed(X500Name issuer, PublicKey issuerKey, PrivateKey signer) {
        try {
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    issuer,
                    new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS),
                    Date.from(begin),
                    Date.from(end),
                    subject,
                    SubjectPublicKeyInfo.getInstance(key.getEncoded()));
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(issuerKey));
            builder.addExtension(
                    Extension.basicConstraints,
                    true,
                    purpose.isPresent() ? new BasicConstraints(false) : new BasicConstraints(0));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(
                            purpose.isPresent() ? KeyUsage.digitalSignature : KeyUsage.keyCertSign | KeyUsage.cRLSign));
            if (purpose.isPresent()) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose.get()));
            }
            if (!names.isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames());
            }
            byte[] der = builder.build(new KeySigner(signer)).getEncoded();
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (IOException | GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private GeneralNames alternativeNames() {
        List<GeneralName> all = new ArrayList<>();
        for (String name : names) {
            all.add(alternativeName(name));
        }
        return new GeneralNames(all.toArray(GeneralName[]::new));
    }

    private static GeneralName alternativeName(String name) {
        try {
            if (IPV4.matcher(name).matches() || name.contains(":")) {
                return new GeneralName(GeneralName.iPAddress, name);
            }
        } catch (IllegalArgumentException malformed) {
            throw new InvalidInputException("\"" + name + "\" is not an address", malformed);
        }
        if (!HOST.matcher(name).matches()) {
            throw new InvalidInputException("\"" + name + "\" is not the name or address of a host");
        }
        return new GeneralName(GeneralName.dNSName, name);
    }
}
