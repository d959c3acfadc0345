//! Colours and fonts. Ink on fill has a contrast of at least 10, borders at least 3 on paper; the
//! fills differ in lightness and hue for colour-blind readers, and shape tells the kind again.

/// The rules of a drawing, valid for every drawing on a page.
pub(super) const CSS: &str = "
.gp-diagram{--gp-paper:#ffffff;--gp-ink:#1b2733;--gp-soft:#46535f;--gp-line:#4a5866;\
--gp-person:#fde9cf;--gp-person-line:#8a5a10;--gp-service:#dbe9f6;--gp-service-line:#2a5d8f;\
--gp-store:#dff0e1;--gp-store-line:#2f6b3a;--gp-broker:#ece3f6;--gp-broker-line:#6a4796;\
--gp-external:#ececec;--gp-external-line:#5c636a;--gp-boundary-line:#6b7885;\
--gp-trust-line:#a8321f;font-family:Helvetica,Arial,\"Liberation Sans\",sans-serif}
@media (prefers-color-scheme:dark){.gp-diagram{--gp-paper:#12181f;--gp-ink:#e8eef4;\
--gp-soft:#b6c2cd;--gp-line:#9fb0c0;--gp-person:#4a3210;--gp-person-line:#d9a860;\
--gp-service:#1b3a57;--gp-service-line:#7fb2e0;--gp-store:#1d3d24;--gp-store-line:#7cc48b;\
--gp-broker:#37265a;--gp-broker-line:#b79ae6;--gp-external:#2e3338;--gp-external-line:#a4adb6;\
--gp-boundary-line:#8593a1;--gp-trust-line:#f08a76}}
.gp-diagram .gp-paper{fill:var(--gp-paper)}
.gp-diagram text{fill:var(--gp-ink)}
.gp-diagram .gp-title{font-size:16px;font-weight:bold}
.gp-diagram .gp-name{font-size:13px;font-weight:bold}
.gp-diagram .gp-kind,.gp-diagram .gp-technology,.gp-diagram .gp-body,.gp-diagram .gp-label,\
.gp-diagram .gp-note{font-size:11px}
.gp-diagram .gp-heading{font-size:12px;font-weight:bold}
.gp-diagram .gp-kind,.gp-diagram .gp-technology,.gp-diagram .gp-note,.gp-diagram .gp-heading\
{fill:var(--gp-soft)}
.gp-diagram .gp-tone-person{fill:var(--gp-person);stroke:var(--gp-person-line)}
.gp-diagram .gp-tone-service{fill:var(--gp-service);stroke:var(--gp-service-line)}
.gp-diagram .gp-tone-store{fill:var(--gp-store);stroke:var(--gp-store-line)}
.gp-diagram .gp-tone-broker{fill:var(--gp-broker);stroke:var(--gp-broker-line)}
.gp-diagram .gp-tone-external{fill:var(--gp-external);stroke:var(--gp-external-line);\
stroke-dasharray:5 3}
.gp-diagram .gp-shape{stroke-width:1.4}
.gp-diagram .gp-open{fill:none}
.gp-diagram .gp-rule{stroke-width:.5}
.gp-diagram .gp-boundary{fill:none;stroke:var(--gp-boundary-line);\
stroke-dasharray:7 4}
.gp-diagram .gp-trust{fill:none;stroke:var(--gp-trust-line);\
stroke-width:1.5;stroke-dasharray:10 4}
.gp-diagram .gp-edge{fill:none;stroke:var(--gp-line);stroke-width:1.3}
.gp-diagram .gp-dashed{stroke-dasharray:6 4}
.gp-diagram .gp-lifeline{fill:none;stroke:var(--gp-boundary-line);stroke-dasharray:3 4}
.gp-diagram .gp-head{fill:var(--gp-line);stroke:var(--gp-line);stroke-width:1}
.gp-diagram .gp-mark{fill:none;stroke:var(--gp-line);stroke-width:1.3}
.gp-diagram .gp-ring{fill:var(--gp-paper);stroke:var(--gp-line);stroke-width:1.3}
.gp-diagram .gp-plate{fill:var(--gp-paper);fill-opacity:.94}
";
