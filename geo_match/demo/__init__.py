"""A demonstration city on Bengbu's ground: real outlines and names, invented people and work.

`facts` holds what is known, with its sources. All else is drawn, and the same seed gives the same
city: `ground` (river, density, areas, homes, streets), `people` (households, members, seekers),
`work` (employers, sites, jobs, stations), `history` (what happened since 2022) and `office` (the
faulty lists that an office would send). `city.draw_city` draws it, `files.write_city` writes it.
Nobody in it exists, and no employer, job, address or number in it is real.
"""
