"""The words of the widget in each shipped language; the English states are those of the pages.

`{n}` is a number, `{name}` the name of the page. A language is chosen by the first part of its tag.
"""

from __future__ import annotations

from msgspec import Struct

from ...model.vocabulary import Impact
from ..markup import words


class WidgetWords(Struct, frozen=True, kw_only=True):
    """`headline`: the state of all systems. `state`: of named components. The others are notes and labels."""

    headline: dict[Impact, str]
    state: dict[Impact, str]
    open: str
    maintenance: str
    old: str
    unknown: str
    dismiss: str
    label: str


WORDS: dict[str, WidgetWords] = {
    "en": WidgetWords(
        headline=words.HEADLINE,
        state=words.IMPACT,
        open="Open incidents: {n}",
        maintenance="Maintenance in progress",
        old="This status may be out of date",
        unknown="Current status unknown",
        dismiss="Dismiss",
        label="{name} status",
    ),
    "de": WidgetWords(
        headline={
            "operational": "Alle Systeme funktionieren",
            "under_maintenance": "Einige Systeme werden gewartet",
            "degraded_performance": "Einige Systeme sind beeinträchtigt",
            "partial_outage": "Teilausfall einiger Systeme",
            "major_outage": "Schwerer Ausfall einiger Systeme",
        },
        state={
            "operational": "Funktioniert",
            "under_maintenance": "In Wartung",
            "degraded_performance": "Beeinträchtigt",
            "partial_outage": "Teilausfall",
            "major_outage": "Schwerer Ausfall",
        },
        open="Offene Störungen: {n}",
        maintenance="Wartung läuft",
        old="Dieser Stand ist möglicherweise veraltet",
        unknown="Aktueller Status unbekannt",
        dismiss="Ausblenden",
        label="Status von {name}",
    ),
    "fr": WidgetWords(
        headline={
            "operational": "Tous les systèmes sont opérationnels",
            "under_maintenance": "Certains systèmes sont en maintenance",
            "degraded_performance": "Performances dégradées de certains systèmes",
            "partial_outage": "Panne partielle de certains systèmes",
            "major_outage": "Panne majeure de certains systèmes",
        },
        state={
            "operational": "Opérationnel",
            "under_maintenance": "En maintenance",
            "degraded_performance": "Performances dégradées",
            "partial_outage": "Panne partielle",
            "major_outage": "Panne majeure",
        },
        open="Incidents en cours\u00a0: {n}",
        maintenance="Maintenance en cours",
        old="Cet état n’est peut-être plus à jour",
        unknown="État actuel inconnu",
        dismiss="Masquer",
        label="État de {name}",
    ),
    "es": WidgetWords(
        headline={
            "operational": "Todos los sistemas funcionan",
            "under_maintenance": "Algunos sistemas están en mantenimiento",
            "degraded_performance": "Rendimiento degradado en algunos sistemas",
            "partial_outage": "Interrupción parcial de algunos sistemas",
            "major_outage": "Interrupción grave de algunos sistemas",
        },
        state={
            "operational": "Funciona",
            "under_maintenance": "En mantenimiento",
            "degraded_performance": "Rendimiento degradado",
            "partial_outage": "Interrupción parcial",
            "major_outage": "Interrupción grave",
        },
        open="Incidentes abiertos: {n}",
        maintenance="Mantenimiento en curso",
        old="Es posible que este estado no esté actualizado",
        unknown="Estado actual desconocido",
        dismiss="Ocultar",
        label="Estado de {name}",
    ),
    "ja": WidgetWords(
        headline={
            "operational": "すべてのシステムは正常に稼働しています",
            "under_maintenance": "一部のシステムはメンテナンス中です",
            "degraded_performance": "一部のシステムで性能が低下しています",
            "partial_outage": "一部のシステムで部分的な障害が発生しています",
            "major_outage": "一部のシステムで重大な障害が発生しています",
        },
        state={
            "operational": "正常",
            "under_maintenance": "メンテナンス中",
            "degraded_performance": "性能低下",
            "partial_outage": "部分的な障害",
            "major_outage": "重大な障害",
        },
        open="発生中のインシデント: {n}件",
        maintenance="メンテナンス中",
        old="この情報は最新ではない可能性があります",
        unknown="現在の状況は不明です",
        dismiss="閉じる",
        label="{name}のステータス",
    ),
}
