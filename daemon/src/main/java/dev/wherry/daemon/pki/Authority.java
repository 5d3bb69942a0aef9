package dev.wherry.daemon.pki;

import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509v2CRLBuilder;

/**
 * A certificate authority in a folder. The folder holds what the daemon reads, {@code ca.pem}, {@code cert.pem}, {@code
 * key.pem} and {@code crl.pem}; {@code ca-key.pem}, the authority's own key, which need not stay on the host of the
 * daemon; and a copy of each certificate issued, {@code issued/SERIAL.pem}. There is no other state: what is revoked is
 * what the list of revocations says.
 *
 * <p>Keys are made on the curve P-256. The key of a client is written where its user wants it and kept nowhere else.
 * Several processes may use a folder at a time: each waits for the other.
 */
public final class Authority {

    private static final Duration LIFE = Duration.ofDays(3653);
    private static final Duration SERVER_LIFE = Duration.ofDays(825);

    /** Clocks of other hosts may be behind. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final Path folder;
    private final Clock clock;

    public Authority(Path folder) {
        this(folder, Clock.systemUTC());
    }

    Authority(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** Whether the authority is there. */
    public boolean exists() {
        return Files.exists(authorityKey());
    }

    /**
     * Makes the authority if it is not there, and a certificate for the daemon. An authority that is there stays: then
     * only the daemon's certificate and key are renewed.
     *
     * @param names hosts and addresses by which clients reach the daemon
     * @return the daemon's certificate
     */
    public Issued begin(List<String> names) {
        if (names.isEmpty()) {
            throw new InvalidInputException("a server has at least one name or address");
        }
        makeFolders();
        return locked(() -> {
            if (!exists()) {
                makeAuthority();
            }
            KeyPair pair = KeySigner.newKey();
            X509Certificate certificate =
                    sign(new X500Name("CN=wherryd"), pair, SERVER_LIFE, KeyPurposeId.id_kp_serverAuth, names);
            Pem.write(folder.resolve("key.pem"), keyText(pair), Pem.PRIVATE);
            Pem.write(folder.resolve("cert.pem"), text(certificate), Pem.PUBLIC);
            return Issued.of(certificate, Optional.empty());
        });
    }

    private void makeAuthority() {
        if (Files.exists(authority())) {
            throw new ConflictException(
                    authority() + " is of an authority whose key is not here: choose another folder with --dir");
        }
        KeyPair pair = KeySigner.newKey();
        Instant now = now();
        // Two authorities may be trusted at a time, as when one takes the place of the other.
        X500Name name =
                new X500Name("CN=Wherry CA " + UUID.randomUUID().toString().substring(0, 8));
        X509Certificate certificate = new CertificateForm(
                        name, pair.getPublic(), now.minus(SKEW), now.plus(LIFE), Optional.empty(), List.of())
                .signed(name, pair.getPublic(), pair.getPrivate());
        Pem.write(authority(), text(certificate), Pem.PUBLIC);
        writeRevocations(certificate, pair.getPrivate(), List.of(), Optional.empty());
        Pem.write(authorityKey(), keyText(pair), Pem.PRIVATE);
    }

    /**
     * Issues a certificate for a client.
     *
     * @param out a folder, made if need be, that gets {@code ca.pem}, {@code cert.pem} and {@code key.pem}
     */
    public Issued issue(Subject subject, Duration life, Path out) {
        try {
            Files.createDirectories(out);
        } catch (IOException failure) {
            throw new HostException("cannot make the folder " + out + ": " + failure.getMessage(), failure);
        }
        if (Files.exists(out.resolve("ca-key.pem"))) {
            throw new InvalidInputException(out + " is the folder of an authority: choose another one");
        }
        return locked(() -> {
            KeyPair pair = KeySigner.newKey();
            X509Certificate certificate = sign(subject.toName(), pair, life, KeyPurposeId.id_kp_clientAuth, List.of());
            Pem.write(out.resolve("key.pem"), keyText(pair), Pem.PRIVATE);
            Pem.write(out.resolve("cert.pem"), text(certificate), Pem.PUBLIC);
            Pem.write(out.resolve("ca.pem"), text(Pem.certificate(authority())), Pem.PUBLIC);
            return Issued.of(certificate, Optional.empty());
        });
    }

    private X509Certificate sign(
            X500Name subject, KeyPair pair, Duration life, KeyPurposeId purpose, List<String> names) {
        X509Certificate authority = Pem.certificate(authority());
        Instant now = now();
        Instant last = authority.getNotAfter().toInstant();
        Instant end = now.plus(life);
        if (!now.isBefore(last)) {
            throw new ConflictException("the authority in " + folder + " has expired: make another with --dir");
        }
        X509Certificate certificate = new CertificateForm(
                        subject,
                        pair.getPublic(),
                        now.minus(SKEW),
                        end.isBefore(last) ? end : last,
                        Optional.of(purpose),
                        names)
                .signed(name(authority), authority.getPublicKey(), Pem.key(authorityKey()));
        Pem.write(issued().resolve(certificate.getSerialNumber().toString(16) + ".pem"), text(certificate), Pem.PUBLIC);
        return certificate;
    }

    /** Every certificate issued, in the order of their ends. */
    public List<Issued> list() {
        X509CRL revocations = Pem.revocations(revocationFile());
        try (Stream<Path> files = Files.list(issued())) {
            List<Issued> all = new ArrayList<>();
            for (Path file : files.filter(file -> file.toString().endsWith(".pem"))
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList()) {
                X509Certificate certificate = Pem.certificate(file);
                all.add(Issued.of(
                        certificate,
                        Optional.ofNullable(revocations.getRevokedCertificate(certificate.getSerialNumber()))
                                .map(entry -> entry.getRevocationDate().toInstant())));
            }
            all.sort(Comparator.comparing(Issued::end).thenComparing(Issued::name));
            return all;
        } catch (IOException failure) {
            throw new HostException("cannot read " + issued() + ": " + failure.getMessage(), failure);
        }
    }

    /**
     * Revokes certificates of clients that are still valid.
     *
     * @param which a name, for all of its certificates, or a serial number
     * @return those that were revoked
     */
    public List<Issued> revoke(String which) {
        return locked(() -> {
            List<Issued> meant = list().stream()
                    .filter(one ->
                            one.name().equals(which) || one.serialText().equalsIgnoreCase(which.replace(":", "")))
                    .toList();
            if (meant.isEmpty()) {
                throw new NotFoundException(
                        "certificate", which, "no certificate has the name or serial number " + which);
            }
            List<Issued> valid =
                    meant.stream().filter(one -> one.revoked().isEmpty()).toList();
            if (valid.isEmpty()) {
                throw new ConflictException(which + " is revoked already");
            }
            writeRevocations(
                    Pem.certificate(authority()),
                    Pem.key(authorityKey()),
                    valid,
                    Optional.of(Pem.revocations(revocationFile())));
            return valid;
        });
    }

    private void writeRevocations(
            X509Certificate authority, PrivateKey key, List<Issued> added, Optional<X509CRL> before) {
        Instant now = now();
        X509v2CRLBuilder builder = new X509v2CRLBuilder(name(authority), Date.from(now));
        // Whoever has the authority has its newest list: it stays good as long as the authority.
        builder.setNextUpdate(authority.getNotAfter());
        for (X509CRLEntry entry :
                before.map(X509CRL::getRevokedCertificates).map(List::copyOf).orElse(List.of())) {
            builder.addCRLEntry(entry.getSerialNumber(), entry.getRevocationDate(), CRLReason.unspecified);
        }
        added.forEach(one -> builder.addCRLEntry(one.serial(), Date.from(now), CRLReason.unspecified));
        try {
            Pem.write(
                    revocationFile(),
                    Pem.text("X509 CRL", builder.build(new KeySigner(key)).getEncoded()),
                    Pem.PUBLIC);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static X500Name name(X509Certificate authority) {
        return X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
    }

    private <T> T locked(Supplier<T> work) {
        Path file = folder.resolve(".lock");
        if (!Files.isDirectory(folder)) {
            throw new InvalidInputException("there is no authority in " + folder + ": run wherryd pki init");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            return work.get();
        } catch (IOException failure) {
            throw new HostException("cannot lock " + file + ": " + failure.getMessage(), failure);
        }
    }

    private void makeFolders() {
        try {
            for (Path wanted : List.of(folder, issued())) {
                if (!Files.isDirectory(wanted)) {
                    Files.createDirectories(
                            wanted, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                }
            }
        } catch (IOException failure) {
            throw new HostException("cannot make the folder " + folder + ": " + failure.getMessage(), failure);
        }
    }

    private static String text(X509Certificate certificate) {
        try {
            return Pem.text("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String keyText(KeyPair pair) {
        return Pem.text("PRIVATE KEY", pair.getPrivate().getEncoded());
    }

    /** Certificates count whole seconds. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private Path authority() {
        return folder.resolve("ca.pem");
    }

    private Path authorityKey() {
        return folder.resolve("ca-key.pem");
    }

    private Path revocationFile() {
        return folder.resolve("crl.pem");
    }

    private Path issued() {
        return folder.resolve("issued");
    }
}
