/** A server of a few lines that answers every request with a file's content: `answer ADDRESS PORT FILE`. */
const ANSWER = `answer() {
  exec perl -MIO::Socket::INET -e '
    my ($address, $port, $file) = @ARGV;
    my $server = IO::Socket::INET->new(LocalAddr => $address, LocalPort => $port, Listen => 16, ReuseAddr => 1) or die $@;
    while (my $client = $server->accept) {
      while (<$client>) { last if /^\\r?$/ }
      open(my $handle, "<", $file);
      my $text = join("", <$handle>);
      $text =~ s/^PK//;
      print $client "HTTP/1.0 200 OK\\r\\n\\r\\n$text";
      close($client);
    }' "$1" "$2" "$3"
}
`;

/** Laid out as WildFly's archive; its script takes the arguments of the real one and notes that it deployed each WAR, as that does. */
export const WILDFLY = {
  "wildfly/standalone/configuration/standalone.xml": "<server/>",
  "wildfly/bin/standalone.sh": `#!/bin/sh
${ANSWER}
while [ $# -gt 0 ]; do
  case $1 in
    -b) address=$2 ;;
    -Djboss.http.port=*) port=\${1#*=} ;;
    -Djboss.server.base.dir=*) deployments=\${1#*=}/deployments ;;
  esac
  shift
done
for war in "$deployments"/*.war; do touch "$war.deployed"; done
answer "$address" "$port" "$deployments/ROOT.war"
`,
};

/** Laid out as Solr's archive; its script takes the arguments and variables of the real one and answers with a file of the core `test`. */
export const SOLR = {
  "solr/server/solr/solr.xml": "<solr/>",
  "solr/bin/solr": `#!/bin/sh
${ANSWER}
[ "$1 $2 $3" = "start -f -p" ] || exit 2
[ -f "$SOLR_HOME/solr.xml" ] && [ -f "$SOLR_HOME/test/core.properties" ] || exit 3
answer "$SOLR_JETTY_HOST" "$4" "$SOLR_HOME/test/conf/text"
`,
};
