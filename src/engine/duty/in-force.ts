/** Routes, rotas and calendars are those of the commit that production runs, for mirrors too. */
import type { Alert } from "../../core/alert/alert.ts";
import { type AlertRules, type Route, routeOf } from "../../core/alert/rules.ts";
import { PRODUCTION } from "../../core/environment/environment.ts";
import type { Rota } from "../../core/oncall/rota.ts";
import type { Scene } from "../scene.ts";

export function alertRules(scene: Scene): AlertRules {
  return scene.revisions.current(PRODUCTION).config.alerts;
}

export function rotaNamed(scene: Scene, name: string): Rota | undefined {
  const { rotas } = scene.revisions.current(PRODUCTION).config;
  return Object.hasOwn(rotas, name) ? rotas[name] : undefined;
}

export function routeFor(scene: Scene, alert: Alert): Route {
  return routeOf(alertRules(scene), alert);
}

/** What mirrors say stays in their channel, whatever a route says. */
export function channelFor(scene: Scene, alert: Alert): string {
  const { config } = scene.revisions.current(alert.environment);
  return routeFor(scene, alert).channel ?? config.workflows[alert.workflow]?.channel ?? config.channel;
}
